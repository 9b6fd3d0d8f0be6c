namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Why a queue's rules remove a message.</summary>
internal sealed record Removal(string Reason, string Description, bool Drops = false)
{
    public const string Expired = "TTLExpiredException";
    public const string TooManyDeliveries = "MaxDeliveryCountExceeded";
}
