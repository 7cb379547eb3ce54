"""No scripts; xlwings Server asks for this folder."""
