using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Simulator;

/// <summary>
/// An injected fault, in the form of POST /_simulator/faults. times: how often, 0 for ever. reset: resets the connection, which loses
/// a webhook. loseAnswer: handles the call, then resets the connection before the response. dripMs: the pause before each byte of the
/// response. duplicate: how many copies of a webhook are sent. reorder: holds as many webhooks as times says, then sends them last first.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Fault(
    string Match = "",
    int? Status = null,
    string? RetryAfter = null,
    int DelayMs = 0,
    int Times = 1,
    [property: JsonConverter(typeof(JsonOrText))] string? Body = null,
    bool Reset = false,
    bool Html = false,
    int Duplicate = 0,
    bool Reorder = false,
    bool LoseAnswer = false,
    int DripMs = 0)
{
    /// <summary>The <see cref="Match"/> of a webhook that is sent; the others are calls that are received.</summary>
    public const string Webhook = "webhook";

    /// <summary>Why the fault is invalid; null if it is valid.</summary>
    public string? Problem(IReadOnlyList<string> matches) => this switch
    {
        _ when !matches.Contains(Match) => $"match '{Match}' is unknown; it must be one of {string.Join(", ", matches)}.",
        { Status: < 200 or > 599 } => "status must be from 200 to 599.",
        { DelayMs: < 0 or > 600_000 } => "delayMs must be from 0 to 600000.",
        { DripMs: < 0 or > 60_000 } => "dripMs must be from 0 to 60000.",
        { Times: < 0 } => "times must be 1 or more, or 0 for ever.",
        { Duplicate: not 0 and (< 2 or > 100) } => "duplicate is the number of copies, from 2 to 100.",
        { Match: Webhook } => WebhookProblem(),
        { Duplicate: > 0 } or { Reorder: true } => "duplicate and reorder are for match 'webhook'.",
        { Status: null } when Html || Body is not null || RetryAfter is not null => "body, html and retryAfter need a status.",
        { LoseAnswer: true } when Status is not null || Reset => "loseAnswer handles the call: it takes no status and no reset.",
        { Status: null, DelayMs: 0, Reset: false, LoseAnswer: false, DripMs: 0 } =>
            "the fault does nothing: give it a status, a delayMs, a dripMs, reset or loseAnswer.",
        _ => null,
    };

    private string? WebhookProblem() => this switch
    {
        _ when Status is not null || Html || Body is not null || RetryAfter is not null || LoseAnswer || DripMs > 0 =>
            "a webhook fault takes delayMs, duplicate, reorder or reset: the receiver decides the status.",
        { Reorder: true, Times: < 2 } => "reorder needs times: how many webhooks to hold before they are sent last first (2 or more).",
        { DelayMs: 0, Duplicate: 0, Reorder: false, Reset: false } => "the fault does nothing: give it a delayMs, duplicate, reorder or reset.",
        _ => null,
    };
}
