namespace BigPanda.Functions.Alerts.Rules.Content;

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

    private static readonly string[] Known = [New, Updated, Closed, Reopen, Commented, TagRemoved];

    /// <summary>One of these names, in whatever case it was sent; another name as it is.</summary>
    public static string Of(string sent) => Array.Find(Known, name => sent.AsSpan().Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) ?? sent;

    public static bool IsLifecycle(string name) => name is New or Closed or Reopen;
}
