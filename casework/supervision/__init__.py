"""Supervision (电子监察): an observer. It sees every clock, issues cards and orders, and completes nothing.

What is done when is data of the item (casework.ladders); what each clock comes to when is kept on the clock. Knows of
diagrams nothing but the meaning of their steps.
"""
