namespace BigPanda.Functions.Messaging;

/// <summary>
/// The reasons that our dead letters carry. People and alert rules count by them, so a value never changes: docs/operations.md says what
/// to do about each.
/// </summary>
internal static class DeadLetterReasons
{
    /// <summary>The body or a property cannot be read by this build.</summary>
    public const string MessageUnreadable = "MessageUnreadable";

    /// <summary>No rule accepts the event.</summary>
    public const string AlertRule = "AlertRule";

    /// <summary>The alert exceeds a limit of Table Storage.</summary>
    public const string EntityLimit = "EntityLimit";

    /// <summary>The destination refused the action, or all attempts are used up.</summary>
    public const string ActionFailed = "ActionFailed";

    /// <summary>BigPanda refused a monitor's alert.</summary>
    public const string AlertRefused = "AlertRefused";

    /// <summary>Every execution ended with an exception that was no outage.</summary>
    public const string ExecutionFailed = "ExecutionFailed";

    /// <summary>The process died each time it worked on the message.</summary>
    public const string ProcessKilled = "ProcessKilled";
}
