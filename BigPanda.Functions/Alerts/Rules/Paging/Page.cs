using System.Globalization;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Paging;

public enum PageStatus
{
    /// <summary>The page is to be opened; the pager has not accepted it yet.</summary>
    Opening = 0,

    /// <summary>The pager accepted it.</summary>
    Open = 1,

    /// <summary>The page is to be resolved; the pager has not accepted that yet.</summary>
    Resolving = 2,

    /// <summary>Resolved: by us and accepted, or in the pager.</summary>
    Resolved = 3,
}

/// <summary>One page: an incident of the pager that stands for one episode of the alert, from its opening on.</summary>
public sealed record Page
{
    private const int IdTimeLength = 14;

    /// <summary>Fixed when the page is opened. Not the episode's number: late history renumbers episodes.</summary>
    public required string Id { get; init; }

    /// <summary>What routes it. Fixed: a resolve through another key is dropped by the pager.</summary>
    public required PageKey Key { get; init; }

    /// <summary>By our clock.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>The newest fact of the alert when the page was opened.</summary>
    public Stamp OpenedWith { get; init; }

    /// <summary>The newest fact that the page shows: what a person who resolves it there has seen.</summary>
    public Stamp Shows { get; init; }

    /// <summary>Fingerprint of what was last planned to be shown, and when that was.</summary>
    public ulong Shown { get; init; }
    public DateTimeOffset? ShownAt { get; init; }

    /// <summary>The pager's severity that was last planned to be shown.</summary>
    public string? Severity { get; init; }

    public PageStatus Status { get; init; }

    /// <summary>Planned in shadow mode: never sent, also not after the mode is changed.</summary>
    public bool IsShadow { get; init; }

    /// <summary>Of the latest action.</summary>
    public string? ActionId { get; init; }
    public int Attempts { get; init; }
    public string? LastError { get; init; }

    /// <summary>Waits for a valid key or setting.</summary>
    public bool IsParked { get; init; }

    /// <summary>No further attempts; the action is a dead letter.</summary>
    public bool HasFailed { get; init; }
    public DateTimeOffset? NextAttemptAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The pager's incident, once known.</summary>
    public PagerIncident? Incident { get; init; }

    /// <summary>The pager's incident of the page before this one, if it was known when this one was opened.</summary>
    public PagerIncident? Previous { get; init; }

    public bool IsOver => Status is PageStatus.Resolving or PageStatus.Resolved;

    /// <param name="number">How many pages of the alert were opened, this one included.</param>
    public static string NewId(DateTimeOffset now, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMddHHmmss}-{number}");

    /// <summary>Whether the text has the form of a page's id.</summary>
    public static bool IsId(ReadOnlySpan<char> text) =>
        text.Length > IdTimeLength + 1 && text[IdTimeLength] == '-'
        && text[..IdTimeLength].IndexOfAnyExceptInRange('0', '9') < 0 && text[(IdTimeLength + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
}

/// <summary>The integration key of a page, by reference: a key from the connection is a secret and is looked up by its id.</summary>
/// <param name="Id">A fingerprint of the key.</param>
/// <param name="Value">Only a key that came in a tag, which is stored with the alert anyway; never shown.</param>
public sealed record PageKey(string Id, string? Value = null);

/// <param name="Id">The pager's id of its incident.</param>
public sealed record PagerIncident(string Id, string? Url);
