"""Camunda 7's REST API under /engine-rest: its clients and the Modeler work unchanged. One file a resource."""
