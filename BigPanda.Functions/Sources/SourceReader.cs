using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

/// <summary>Puts together what is stored of the sources and what this instance has counted since.</summary>
public sealed class SourceReader(SourceStore store, SourceUsageStore usages, SourceCatalog catalog, PublicAddress address, IOptions<SourceOptions> options, TimeProvider time)
{
    internal async Task<IReadOnlyList<SourceView>> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var sources = await store.ListAsync(cancellationToken);
        var written = await usages.ListAsync(cancellationToken);
        return [.. sources.OrderBy(source => source.CreatedAt).Select(source => View(source, written.GetValueOrDefault(source.Id, SourceUsage.None), request))];
    }

    internal async Task<SourceView> ReadAsync(AlertSource source, HttpRequest request, CancellationToken cancellationToken) =>
        View(source, await usages.GetAsync(source.Id, cancellationToken), request);

    /// <param name="written">What all instances have written down.</param>
    internal SourceView View(AlertSource source, SourceUsage written, HttpRequest request)
    {
        var now = time.GetUtcNow();
        var entry = catalog.Find(source.Id);
        var usage = entry.Source.Id == source.Id ? written.With(entry.Traffic.Look(), now) : written;
        return SourceView.Of(source, usage, address.CallbackUrl(source.Id, request), options.Value.SilentAfterHoursOf(source), now);
    }
}
