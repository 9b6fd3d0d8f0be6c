namespace BigPanda.Functions.Incidents;

/// <summary>BigPanda's event names. There is no <c>incident#resolved</c>: a resolve arrives as closed.</summary>
internal static class IncidentEvents
{
    public const string New = "incident#new";
    public const string Updated = "incident#updated";
    public const string Closed = "incident#closed";
    public const string Reopen = "incident#reopen";
    public const string Commented = "incident#commented";
    public const string TagRemoved = "incident-tag#removed";

    /// <summary>Recorded for a delivery without event types.</summary>
    public const string Unnamed = "incident";

    public static bool IsLifecycle(string name) => name is New or Closed or Reopen;
}
