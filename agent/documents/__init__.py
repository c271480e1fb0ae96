"""Documents: pages of a PDF as pictures with the text that they hold, and the tables and figures on them."""
