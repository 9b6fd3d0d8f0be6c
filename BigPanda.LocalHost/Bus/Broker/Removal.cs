namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Why the rules take a message out of its queue.</summary>
internal sealed record Removal(string Reason, string Description, bool Drops = false)
{
    public const string Expired = "TTLExpiredException";
    public const string TooManyDeliveries = "MaxDeliveryCountExceeded";
}
