namespace BigPanda.Functions.Tests.Support;

/// <summary>The headers that every response has.</summary>
internal static class SecurityHeaders
{
    private static readonly (string Name, string Value)[] Expected =
    [
        ("Cache-Control", "no-store"), ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"), ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ];

    public static void AssertIn(HttpResponseMessage response) =>
        Assert.Equal(Expected, Expected.Select(header => (header.Name, Join(response, header.Name))));

    private static string Join(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(" and ", values) : $"none with {(int)response.StatusCode}";
}
