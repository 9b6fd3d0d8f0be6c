namespace BigPanda.Functions.Sources;

/// <summary>A source as requests are checked against it: hashes, header and counters at hand, nothing left to compute.</summary>
internal sealed class SourceEntry(AlertSource source, SourceTraffic traffic)
{
    /// <summary>Compared with where there is no token: no token has this hash, and the work is the same.</summary>
    private static readonly byte[] NoHash = new byte[32];

    public AlertSource Source { get; } = source;

    public SourceTraffic Traffic { get; } = traffic;

    public bool IsBearer { get; } = source.HeaderName.Equals(AlertSource.UsualHeader, StringComparison.OrdinalIgnoreCase);

    public byte[] First { get; } = source.Tokens is [var first, ..] ? first.Sha256 : NoHash;

    public byte[] Second { get; } = source.Tokens is [_, var second, ..] ? second.Sha256 : NoHash;

    public TokenUse? FirstUse { get; } = source.Tokens is [var token, ..] ? traffic.UseOf(token.Id) : null;

    public TokenUse? SecondUse { get; } = source.Tokens is [_, var token, ..] ? traffic.UseOf(token.Id) : null;

    /// <summary>A guess costs what a wrong token costs. No source has this id: theirs have letters and digits only.</summary>
    public static SourceEntry Unknown() => new(new AlertSource { Id = "_unknown", Name = "", CreatedAt = default, Tokens = [] }, new SourceTraffic());
}
