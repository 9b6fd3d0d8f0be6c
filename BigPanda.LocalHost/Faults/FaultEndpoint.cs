using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.LocalHost.Faults;

/// <summary>POST /admin/faults: makes this host fail. The route exists only in a host that was started with <c>--faults</c>.</summary>
internal sealed class FaultEndpoint(FunctionKey key, HostFaults faults, EmbeddedBus bus, AzuriteProcess azurite)
{
    public const string Route = "/admin/faults";

    public async Task HandleAsync(HttpContext context)
    {
        var answer = key.Admits(context.Request) ? await AnswerAsync(context) : Results.StatusCode(StatusCodes.Status401Unauthorized);
        await answer.ExecuteAsync(context);
    }

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (!ControlGroup.TryRead(await ApiRequest.ReadAsync(context), FaultJson.Default.FaultRequest, out var wanted, out var refusal))
            return refusal;
        if (wanted.KillAt is { } step && !HostStep.All.Contains(step))
            return ControlGroup.Refused(400, $"killAt must be one of {string.Join(", ", HostStep.All)}.");
        await InjectAsync(wanted, context.RequestAborted);
        return Results.NoContent();
    }

    private async Task InjectAsync(FaultRequest wanted, CancellationToken cancellationToken)
    {
        if (wanted.LoseLocks)
            await Task.WhenAll(Queues.All.Select(bus.LoseLocksAsync));
        if (wanted.StopTables is { } stop)
            await (stop ? azurite.SuspendAsync(cancellationToken) : azurite.ResumeAsync(cancellationToken));
        if (wanted.AdvanceSeconds != 0)
        {
            faults.Clock.Advance(TimeSpan.FromSeconds(wanted.AdvanceSeconds));
            // The bus sees the time at its next operation.
            bus.Count(Queues.AlertEvents);
        }

        if (wanted.KillAt is { } step)
            faults.Kill.Arm(step, wanted.Passes);
    }
}
