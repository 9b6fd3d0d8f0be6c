using System.Text;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

/// <summary>The scanner's result for a body: <c>accepted</c>, <c>not JSON</c>, or the field that makes it no incident.</summary>
internal static class Scanned
{
    public const string Accepted = "accepted";
    public const string NotJson = "not JSON";

    public static string Of(string json) => Of(Encoding.UTF8.GetBytes(json));

    public static string Of(ReadOnlySpan<byte> body)
    {
        if (!IncidentScanner.TryScan(body, out var id, out var error)) return error.Field ?? NotJson;
        Assert.Null(error);
        Assert.NotEqual("", id);
        return Accepted;
    }

    public static BodyError ErrorOf(ReadOnlySpan<byte> body)
    {
        Assert.False(IncidentScanner.TryScan(body, out _, out var error));
        return error;
    }
}
