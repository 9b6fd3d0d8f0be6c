using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Bus;

namespace BigPanda.LocalHost.Faults;

/// <summary>
/// The steps at which a host can be made to die, by their names: <c>before-transaction</c> and <c>after-transaction</c> of an alert;
/// <c>before-send:QUEUE</c>, <c>after-send:QUEUE</c>, <c>before-settle:QUEUE</c> and <c>after-settle:QUEUE</c> of a message; <c>after-answer:CALL</c> of a call
/// that a vendor has carried out, before that is reported.
/// </summary>
internal static class HostStep
{
    public const string BeforeTransaction = "before-transaction";
    public const string AfterTransaction = "after-transaction";

    /// <summary>Calls of BigPanda, and the note of a page in PagerDuty.</summary>
    public const string Close = "close";
    public const string Comment = "comment";
    public const string Note = "note";

    public static readonly IReadOnlyList<string> All =
    [
        BeforeTransaction, AfterTransaction,
        .. new[] { Close, Comment, Note, Page("trigger"), Page("acknowledge"), Page("resolve") }.Select(AfterAnswer),
        .. Queues.All.SelectMany(queue => new[] { BusOperations.Send, BusOperations.Settle }, (queue, operation) => (queue, operation))
            .SelectMany(one => new[] { Before(one.operation, one.queue), After(one.operation, one.queue) }),
    ];

    public static string Before(BusOperations operation, string queue) => $"before-{operation}:{queue}".ToLowerInvariant();

    public static string After(BusOperations operation, string queue) => $"after-{operation}:{queue}".ToLowerInvariant();

    public static string AfterAnswer(string call) => $"after-answer:{call}";

    /// <summary>An event of PagerDuty's, by its <c>event_action</c>.</summary>
    public static string Page(string action) => $"page-{action}";
}
