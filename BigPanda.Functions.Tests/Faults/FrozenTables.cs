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
        Send(folder, Stop);
        return () =>
        {
            Thaw(folder);
            return Task.CompletedTask;
        };
    }

    public static void Thaw(string folder) => Send(folder, Continue);

    private static void Send(string folder, int signal)
    {
        using var azurite = AzuriteRecord.Read(Path.Combine(folder, "azurite"))?.FindRunning();
        if (azurite is not null) UnixSignal.TrySend(azurite.Id, signal);
    }
}
