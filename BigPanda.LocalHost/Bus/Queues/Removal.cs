namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>A message the rules take out of its queue, and why.</summary>
internal readonly record struct Removal(MessageEntry Entry, string Reason, string Description)
{
    public const string Expired = "TTLExpiredException";
    public const string TooManyDeliveries = "MaxDeliveryCountExceeded";
}
