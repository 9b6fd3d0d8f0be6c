using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BigPanda.Functions.Json;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>A JSON response that people can read: quotes and non-Latin scripts are not escaped.</summary>
internal static class JsonResponse
{
    public static IResult Of<T>(T value, JsonTypeInfo<T> type, int statusCode = StatusCodes.Status200OK) => new Document<T>(value, type, statusCode);

    private sealed class Document<T>(T value, JsonTypeInfo<T> type, int statusCode) : IResult, IValueHttpResult, IStatusCodeHttpResult
    {
        public object? Value => value;

        public int? StatusCode => statusCode;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = statusCode;
            response.ContentType = "application/json; charset=utf-8";
            using (var writer = new Utf8JsonWriter(response.BodyWriter, JsonWriting.Readable)) JsonSerializer.Serialize(writer, value, type);
            return response.CompleteAsync();
        }
    }
}
