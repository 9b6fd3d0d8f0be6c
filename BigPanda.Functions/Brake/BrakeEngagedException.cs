namespace BigPanda.Functions.Brake;

/// <summary>The brake holds an action: it is not carried out now, and waits for a person's decision.</summary>
/// <param name="engagement">The number of the engagement.</param>
public sealed class BrakeEngagedException(BrakeKind kind, long engagement, string message) : Exception(message)
{
    public BrakeKind Kind { get; } = kind;

    public long Engagement { get; } = engagement;
}
