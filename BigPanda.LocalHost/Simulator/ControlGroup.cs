using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace BigPanda.LocalHost.Simulator;

/// <summary>A simulator's control routes for tests and people, under /_simulator: no key, no limit, not in the request log.</summary>
internal sealed class ControlGroup(IEndpointRouteBuilder app)
{
    private readonly RouteGroupBuilder _routes = app.MapGroup("/_simulator");

    public void Map(string method, string pattern, Func<ApiRequest, IResult> answer) =>
        Map(method, pattern, request => Task.FromResult(answer(request)));

    public void Map(string method, string pattern, Func<ApiRequest, Task<IResult>> answer) =>
        _routes.MapMethods(pattern, [method], async context =>
        {
            var result = await answer(await ApiRequest.ReadAsync(context));
            await result.ExecuteAsync(context);
        });

    /// <summary>The request log and the faults.</summary>
    public void MapCommon(
        RequestGate gate, FaultBook faults, JsonTypeInfo<IReadOnlyList<RecordedRequest>> requests, JsonTypeInfo<IReadOnlyList<Fault>> type,
        Func<CancellationToken, Task> release)
    {
        Map("GET", "/requests", _ => Ok(gate.Log.Items.OrderBy(r => r.At).ToList(), requests));
        Map("DELETE", "/requests", _ =>
        {
            gate.Log.Clear();
            return Results.NoContent();
        });
        Map("POST", "/faults", request => AddFaults(request, faults, type));
        Map("GET", "/faults", _ => Ok(faults.Open, type));
        Map("DELETE", "/faults", async request =>
        {
            faults.Clear();
            await release(request.Context.RequestAborted);
            return Results.NoContent();
        });
    }

    /// <summary>The settings that can change while the simulator runs.</summary>
    /// <param name="change">Returns why the changes are not possible.</param>
    public void MapSettings<TValues, TChanges>(
        Func<TValues> current, JsonTypeInfo<TValues> values, Func<TChanges, string?> change, JsonTypeInfo<TChanges> changes)
    {
        Map("GET", "/settings", _ => Ok(current(), values));
        Map("PUT", "/settings", request =>
        {
            if (!TryRead(request, changes, out var wanted, out var refusal))
                return refusal;
            return change(wanted) is { } problem ? Refused(400, problem) : Ok(current(), values);
        });
    }

    public static bool TryRead<T>(
        ApiRequest request, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out IResult? refusal)
    {
        string problem;
        try
        {
            value = JsonSerializer.Deserialize(request.Body, type);
            refusal = null;
            if (value is not null)
                return true;
            problem = "The body is null.";
        }
        catch (JsonException e)
        {
            problem = $"The body is invalid: {e.Message}";
        }
        value = default;
        refusal = Refused(400, problem);
        return false;
    }

    public static IResult Ok<T>(T value, JsonTypeInfo<T> type, int status = 200) => Results.Json(value, type, statusCode: status);

    public static IResult Refused(int status, string why) =>
        Text(new JsonObject { ["error"] = why }, status);

    public static IResult Text(JsonNode body, int status = 200) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);

    private static IResult AddFaults(ApiRequest request, FaultBook faults, JsonTypeInfo<IReadOnlyList<Fault>> type)
    {
        if (!TryRead(request, type, out var wanted, out var refusal))
            return refusal;
        foreach (var (index, fault) in wanted.Index())
        {
            if ((fault is null ? "it is null." : fault.Problem(faults.Matches)) is { } problem)
                return Refused(400, $"Fault {index + 1}: {problem}");
        }
        faults.Add(wanted);
        return Ok(faults.Open, type);
    }
}
