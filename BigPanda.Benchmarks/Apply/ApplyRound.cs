namespace BigPanda.Benchmarks.Apply;

/// <summary>One variant with the app and with the bare client, each time with new incidents.</summary>
internal sealed class ApplyRound(ApplyBench bench, ApplyVariant variant, BareApplier bare)
{
    public static async Task<ApplyRound> PrepareAsync(ApplyBench bench, ApplyVariant variant, CancellationToken cancellationToken)
    {
        var example = Deliveries.NewIncidents(1);
        await Deliveries.EnqueueAsync(bench, example, variant.PerIncident, cancellationToken);
        await AppApplier.RunAsync(bench, variant.PerIncident, cancellationToken);
        var rows = await BareRows.LikeAsync(bench.Tables, example[0], cancellationToken);
        return new ApplyRound(bench, variant, new BareApplier(bench.Tables, rows));
    }

    public async Task<(ApplyFigure App, ApplyFigure Bare)> RunAsync(CancellationToken cancellationToken)
    {
        await EnqueueAsync(variant.Incidents, cancellationToken);
        var app = await AppApplier.RunAsync(bench, variant.Events, cancellationToken);

        var others = Deliveries.NewIncidents(variant.Incidents);
        if (variant.IsResolve) await bare.RunAsync(variant with { IsResolve = false }, others, cancellationToken);
        return (app, await bare.RunAsync(variant, others, cancellationToken));
    }

    public async Task<IReadOnlyCollection<TableCalls.Trace>> ObserveAsync(int incidents, CancellationToken cancellationToken)
    {
        await EnqueueAsync(incidents, cancellationToken);
        return await AppApplier.ObserveAsync(bench, cancellationToken);
    }

    private async Task EnqueueAsync(int count, CancellationToken cancellationToken)
    {
        var incidents = Deliveries.NewIncidents(count);
        await Deliveries.EnqueueAsync(bench, incidents, variant.PerIncident, cancellationToken);
        if (!variant.IsResolve) return;
        // A resolve needs an existing alert.
        await AppApplier.RunAsync(bench, variant.Events, cancellationToken);
        await Deliveries.EnqueueResolvesAsync(bench, incidents, cancellationToken);
    }
}
