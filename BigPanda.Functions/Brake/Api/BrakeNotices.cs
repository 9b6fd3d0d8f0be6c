using System.Globalization;
using BigPanda.Functions.Actions;

namespace BigPanda.Functions.Brake.Api;

/// <summary>What the operator must decide about.</summary>
public sealed class BrakeNotices(BrakeStore brakes, ParkedActions parked)
{
    /// <summary>One page of the table.</summary>
    private const int MostCounted = 1000;

    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(BrakeKinds.All.Select(kind => FindAsync(kind, cancellationToken)))).OfType<string>()];

    private async Task<string?> FindAsync(BrakeKind kind, CancellationToken cancellationToken)
    {
        if ((await brakes.ReadAsync(kind, cancellationToken)).Holding is not { } holding) return null;
        var held = await parked.SummarizeHeldAsync(kind, MostCounted, cancellationToken);
        var count = held.IsFull ? $"{MostCounted} or more" : $"{held.Count}";
        var most = held.Causes
            .Select(cause => $" Most came through {cause.Via ?? "the bridge"}{(cause.Actor is { } actor ? $" by {actor}" : "")}.").FirstOrDefault();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The brake holds {count} {kind.Name()} since {holding.At.UtcDateTime:u}: more than {holding.Limit} were requested in ten minutes.{most} "
            + $"Nothing of the kind is sent until they are released or dropped: see GET /brake, then POST /brake/release.");
    }
}
