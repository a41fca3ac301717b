"""The administrative tree, and which rows a person may see because of where they are posted."""
