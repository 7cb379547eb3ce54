// Stands in for the demonstration of xlwings Server: the one button of xlkpi opens the task pane and runs nothing.
