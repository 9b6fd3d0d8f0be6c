namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>The service keeps reason and description as application properties; the SDK's received message reads them from there.</summary>
internal static class DeadLetterProperties
{
    public static Dictionary<string, object?> Of(string? reason, string? description, IEnumerable<KeyValuePair<string, object>>? properties = null)
    {
        var all = new Dictionary<string, object?>();
        foreach (var (name, value) in properties ?? [])
            all[name] = value;
        if (reason is not null)
            all["DeadLetterReason"] = reason;
        if (description is not null)
            all["DeadLetterErrorDescription"] = description;
        return all;
    }
}
