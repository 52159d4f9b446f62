"""SummaryWriter, init and Run.log, and the background file behind them."""
