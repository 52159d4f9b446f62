"""Other libraries' names, for code that was written for them: tensorboardX and torch.utils.tensorboard."""
