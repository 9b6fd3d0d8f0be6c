using BigPanda.LocalHost.Azurite;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Azurite that is there and answers nothing. It is stopped and not killed, which would lose what it has not saved.</summary>
internal static class FrozenTables
{
    private static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <returns>What thaws it. On Windows, which has no such signal, nothing happens.</returns>
    public static Func<Task> Freeze(string folder)
    {
        if (AzuriteRecord.Read(Path.Combine(folder, "azurite")) is not { } azurite || !UnixSignal.TrySend(azurite.Pid, Stop)) return () => Task.CompletedTask;
        return () =>
        {
            UnixSignal.TrySend(azurite.Pid, Continue);
            return Task.CompletedTask;
        };
    }
}
