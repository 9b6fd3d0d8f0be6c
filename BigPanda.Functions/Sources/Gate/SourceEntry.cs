using BigPanda.Functions.Sources.Traffic;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>A source prepared for checking requests: hashes, header and counters without further lookups.</summary>
internal sealed class SourceEntry(AlertSource source, SourceTraffic traffic)
{
    /// <summary>Compared in place of a missing token, for the same amount of work: no token has this hash.</summary>
    private static readonly byte[] NoHash = new byte[32];

    public AlertSource Source { get; } = source;

    public SourceTraffic Traffic { get; } = traffic;

    public bool IsBearer { get; } = source.HeaderName.Equals(AlertSource.UsualHeader, StringComparison.OrdinalIgnoreCase);

    public byte[] First { get; } = source.Tokens is [var first, ..] ? first.Sha256 : NoHash;

    public byte[] Second { get; } = source.Tokens is [_, var second, ..] ? second.Sha256 : NoHash;

    /// <summary>The entry of unknown ids. No source has its id: theirs have letters and digits only.</summary>
    public static SourceEntry CreateUnknown() => new(new AlertSource { Id = "_unknown", Name = "", CreatedAt = default, Tokens = [] }, new SourceTraffic());
}
