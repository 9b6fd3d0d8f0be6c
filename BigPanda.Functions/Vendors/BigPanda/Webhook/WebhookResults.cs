using BigPanda.Functions.Http;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Vendors.BigPanda.Incidents;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Vendors.BigPanda.Webhook;

/// <summary>The responses to a refused webhook.</summary>
internal static class WebhookResults
{
    /// <summary>The same for an unknown source and a wrong token, so that neither can be guessed.</summary>
    public static IResult Unauthorized(HttpResponse response)
    {
        response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Unauthorized.With("Unknown source or wrong token. Check the callback URL and the token.");
    }

    public static IResult TooLarge(int limit) =>
        Problems.PayloadTooLarge.With($"A webhook body must have at most {limit} bytes.", ("limit", limit));

    /// <returns>Null for uncompressed JSON in UTF-8. BigPanda documents no content type, so a missing one counts as JSON.</returns>
    public static IResult? UnsupportedMediaType(HttpRequest request)
    {
        if (!request.Headers.ContentEncoding.All(value => JsonMediaType.IsPlain(value)))
            return Problems.UnsupportedMediaType.With("Compressed bodies are not accepted: send the body without Content-Encoding.");
        return JsonMediaType.Of(request.ContentType) switch
        {
            JsonMediaType.Reading.Json => null,
            JsonMediaType.Reading.OtherCharset => Problems.UnsupportedMediaType.With("The body must be in UTF-8."),
            _ => Problems.UnsupportedMediaType.With("The body must be application/json."),
        };
    }

    public static IResult Of(BodyError error) => error.IsJson
        ? Problems.InvalidIncident.With(error.Detail, ("field", error.Field))
        : Problems.InvalidJson.With($"{error.Detail} Line {error.Line}, byte {error.Position}.", ("line", error.Line), ("position", error.Position));
}
