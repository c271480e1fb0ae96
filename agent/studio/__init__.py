"""A page in the browser that shows the loop at work and takes a person's word. Needs the extra ``studio``."""
