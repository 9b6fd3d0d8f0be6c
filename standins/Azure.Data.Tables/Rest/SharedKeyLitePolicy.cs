#nullable enable
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Rest;

/// <summary>https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key#table-service-shared-key-lite-authorization</summary>
internal sealed class SharedKeyLitePolicy(string account, byte[] key) : HttpPipelineSynchronousPolicy
{
    private readonly string _scheme = $"SharedKeyLite {account}:";

    public override void OnSendingRequest(HttpMessage message)
    {
        var date = TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", _scheme + Sign(date, message.Request.Uri.ToUri()));
    }

    private string Sign(string date, Uri uri)
    {
        var resource = $"{date}\n/{account}{uri.AbsolutePath}{Component(uri.Query)}";
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(resource), hash);
        return Convert.ToBase64String(hash);
    }

    // Of the query only comp is signed, and only the service's properties are asked for with it.
    private static string Component(string query) =>
        query.Contains("comp=properties", StringComparison.Ordinal) ? "?comp=properties" : "";
}
