using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>Errors as RFC 9457 problem documents.</summary>
internal static class Problems
{
    public static IResult Of(int status, string title, string detail, params ReadOnlySpan<(string Name, object? Value)> extensions)
    {
        var members = new Dictionary<string, object?>();
        foreach (var (name, value) in extensions)
        {
            if (value is not null) members[name] = value;
        }

        return Results.Problem(detail, statusCode: status, title: title, type: "about:blank", extensions: members);
    }

    /// <summary>Something we need is down. The caller loses nothing by coming again.</summary>
    public static IResult Unavailable(HttpResponse response, string detail)
    {
        response.Headers.RetryAfter = "5";
        return Of(StatusCodes.Status503ServiceUnavailable, "Temporarily unavailable", detail);
    }

    public static IResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, "Not found", detail);

    public static IResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, "Bad request", detail);
}
