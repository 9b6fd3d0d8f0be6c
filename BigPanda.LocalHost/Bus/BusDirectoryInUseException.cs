namespace BigPanda.LocalHost.Bus;

internal sealed class BusDirectoryInUseException(string directory, Exception inner) : Exception(
    $"The queue folder {directory} is in use: another ./run is using this data folder. Stop it, or give this one its own with --data DIR.", inner);
