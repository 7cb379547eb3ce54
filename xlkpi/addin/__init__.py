"""Everything that puts the functions into Excel: classic add-in, xlwings Lite, xlwings Server."""
