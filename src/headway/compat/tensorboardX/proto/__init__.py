"""TensorBoard's messages, a module for each of the files that tensorboardX has them in."""
