using BigPanda.LocalHost.Azurite;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Suspends Azurite, so that it does not answer. Killing it would lose unsaved rows.</summary>
internal static class FrozenTables
{
    private static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <returns>A function that resumes it. Does nothing on Windows, which has no such signal.</returns>
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
