using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

/// <summary>Puts together what is stored of the sources and what this instance has counted since.</summary>
public sealed class SourceReader(SourceStore store, SourceUsageStore usages, SourceCatalog catalog, IOptions<SourceOptions> options, TimeProvider time)
{
    internal async Task<IReadOnlyList<SourceView>> ListAsync(Uri address, CancellationToken cancellationToken)
    {
        var sources = await store.ListAsync(cancellationToken);
        var written = await usages.ListAsync(cancellationToken);
        return [.. sources.OrderBy(source => source.CreatedAt).Select(source => View(source, written.GetValueOrDefault(source.Id, SourceUsage.None), address))];
    }

    internal async Task<SourceView> ReadAsync(AlertSource source, Uri address, CancellationToken cancellationToken) =>
        View(source, await usages.GetAsync(source.Id, cancellationToken), address);

    /// <param name="written">What all instances have saved.</param>
    /// <param name="address">What callback URLs begin with.</param>
    internal SourceView View(AlertSource source, SourceUsage written, Uri address)
    {
        var now = time.GetUtcNow();
        var entry = catalog.Find(source.Id);
        var usage = entry.Source.Id == source.Id ? written.With(entry.Traffic.Peek(), now) : written;
        return SourceView.Of(source, usage, PublicAddress.CallbackUrl(address, source.Id), options.Value.SilentAfterHoursOf(source), now);
    }
}
