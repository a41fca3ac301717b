"""The register kept at the desk: dated changes of households and their members, each with a reason."""
