using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>The responses of BigPanda's public API, in its envelopes.</summary>
internal static class BigPandaResponses
{
    public static IResult Done(int status) => Json(new JsonObject { ["status"] = status, ["data"] = new JsonObject() }, status);

    public static IResult Error(int status, string error) =>
        Json(new JsonObject { ["status"] = status, ["errors"] = new JsonArray(error) }, status);

    public static IResult Malformed(string why) => Error(400, $"Call is missing parameters or malformed. {why}");

    public static IResult NoRoute(string path) => Error(404, $"Route {path} is not found");

    public static IResult Json(JsonNode body, int status = 200) => ControlGroup.Text(body, status);

    public static IResult Of(int status) => status switch
    {
        204 => Results.NoContent(),
        < 300 => Done(status),
        _ => Failure(status),
    };

    public static IResult Failure(int status) => Error(status, Words(status));

    private static string Words(int status) => status switch
    {
        400 => "Call is missing parameters or malformed.",
        404 => "Requested endpoint or resource is not found.",
        _ => HtmlPage.Words(status),
    };
}
