namespace BigPanda.Functions.Outbound;

/// <summary>What is decided directly before a call: its body, or why it is no longer wanted.</summary>
internal readonly record struct PreparedBody(byte[]? Json, string? Objection)
{
    public static PreparedBody Send(byte[]? json) => new(json, null);

    public static PreparedBody NotWanted(string why) => new(null, why);
}
