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

    public static IResult Json(JsonNode body, int status = 200) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);

    /// <summary>The response of the proxy in front of the API, from which a 401 has been observed.</summary>
    public static IResult Html(int status)
    {
        var words = $"{status} {Words(status)}";
        return Results.Text(
            $"<html>\r\n<head><title>{words}</title></head>\r\n<body>\r\n<center><h1>{words}</h1></center>\r\n"
                + "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
            "text/html", statusCode: status);
    }

    public static IResult Failure(int status) => Error(status, Words(status));

    private static string Words(int status) => status switch
    {
        400 => "Call is missing parameters or malformed.",
        401 => "Authorization Required",
        403 => "Forbidden",
        404 => "Requested endpoint or resource is not found.",
        409 => "Conflict",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Error",
    };
}
