using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources.Api;

/// <summary>Combines the stored sources with what this instance has counted since it last saved.</summary>
public sealed class SourceReader(
    SourceStore store, SourceUsageStore usages, SourceCatalog catalog, IOptions<SourceOptions> options, TimeProvider time)
{
    internal async Task<IReadOnlyList<SourceView>> ListAsync(Uri address, CancellationToken cancellationToken)
    {
        var sources = await store.ListAsync(cancellationToken);
        var saved = await usages.ListAsync(cancellationToken);
        return [.. sources.OrderBy(source => source.CreatedAt).Select(source => View(source, saved.GetValueOrDefault(source.Id, SourceUsage.None), address))];
    }

    internal async Task<SourceView> ReadAsync(AlertSource source, Uri address, CancellationToken cancellationToken) =>
        View(source, await usages.GetAsync(source.Id, cancellationToken), address);

    /// <param name="saved">The usage that all instances have saved.</param>
    /// <param name="address">The base of callback URLs.</param>
    internal SourceView View(AlertSource source, SourceUsage saved, Uri address)
    {
        var now = time.GetUtcNow();
        var entry = catalog.Find(source.Id);
        var usage = entry.Source.Id == source.Id ? saved.With(entry.Traffic.Peek(), now) : saved;
        return SourceView.Of(source, usage, PublicAddress.CallbackUrl(address, source.Id), options.Value.SilentAfterHoursOf(source), now);
    }
}
