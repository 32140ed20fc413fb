"""Camunda Forms on the server: a .form file compiled to marshmallow, and every submission checked.

Knows nothing of the engine, of the office's cases, of storage or of HTTP, and reads no clock.
"""

from forms.compiler import compile_form
from forms.errors import Bilingual, FieldFault, FormFault, FormRefused, FormRejected
from forms.form import Form, FormField, HeldFile, Option
from forms.inputs import REFERENCE

__all__ = [
    "REFERENCE",
    "Bilingual",
    "FieldFault",
    "Form",
    "FormFault",
    "FormField",
    "FormRefused",
    "FormRejected",
    "HeldFile",
    "Option",
    "compile_form",
]
