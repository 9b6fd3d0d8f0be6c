using BigPanda.Functions.Http;
using BigPanda.Functions.Incidents;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Webhooks;

/// <summary>The answers to a webhook that is not accepted.</summary>
internal static class WebhookResults
{
    /// <summary>The same whether the source is unknown or the token is wrong: neither is anybody's business.</summary>
    public static IResult Unauthorized(HttpResponse response)
    {
        response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, "Unauthorized", "The source or its token is not known.");
    }

    public static IResult TooLarge(int limit) =>
        Problems.Of(StatusCodes.Status413PayloadTooLarge, "Body too large", $"A webhook body may have {limit} bytes at most.", ("limit", limit));

    /// <summary>Null for JSON in UTF-8 without compression. BigPanda documents no content type, so none at all is taken for JSON.</summary>
    public static IResult? UnsupportedMediaType(HttpRequest request)
    {
        if (!request.Headers.ContentEncoding.All(value => JsonMediaType.IsPlain(value)))
            return Unsupported("A compressed body is not accepted: send it without Content-Encoding.");
        return JsonMediaType.Of(request.ContentType) switch
        {
            JsonMediaType.Reading.Json => null,
            JsonMediaType.Reading.OtherCharset => Unsupported("The body must be in UTF-8."),
            _ => Unsupported("The body must be application/json."),
        };
    }

    public static IResult Of(BodyError error) => error.IsJson
        ? Problems.Of(StatusCodes.Status422UnprocessableEntity, "Not an incident", error.Detail, ("field", error.Field))
        : Problems.Of(StatusCodes.Status400BadRequest, "Not JSON", $"{error.Detail} Line {error.Line}, byte {error.Position}.", ("line", error.Line), ("position", error.Position));

    private static IResult Unsupported(string detail) => Problems.Of(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", detail);
}
