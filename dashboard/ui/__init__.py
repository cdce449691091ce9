"""The inbox as Panel components: a screen's face, in a page and in a notebook."""
