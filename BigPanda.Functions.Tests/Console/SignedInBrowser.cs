using System.Net;
using System.Text;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Console;

/// <summary>A browser's session at the local stand-in of the platform's authentication: cookies, and the headers of the console's page.</summary>
internal sealed class SignedInBrowser(LocalFunctionsHost host) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, CookieContainer = new CookieContainer(), AllowAutoRedirect = false });

    public static async Task<SignedInBrowser> SignInAsync(LocalFunctionsHost host, string account, string name = "Ada")
    {
        var browser = new SignedInBrowser(host);
        using var answer = await browser.SendAsync(
            "GET", $"{PlatformSignIn.LoginPath}?as={account}&name={Uri.EscapeDataString(name)}&post_login_redirect_uri=/api/console");
        Assert.Equal((302, "/api/console"), ((int)answer.StatusCode, answer.Headers.Location?.OriginalString));
        return browser;
    }

    /// <summary>As the page sends it.</summary>
    public Task<TextResponse> CallAsync(string method, string path, string? json = null, params string[] headers) =>
        ReadAsync(method, $"/api/console/api{path}", json, ["X-Console: 1", "Sec-Fetch-Site: same-origin", .. headers]);

    /// <summary>With the session's cookie and these headers alone.</summary>
    public async Task<TextResponse> ReadAsync(string method, string path, string? json, params string[] headers)
    {
        using var answer = await SendAsync(method, path, json, headers);
        return await TextResponse.FromAsync(answer);
    }

    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? json = null, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(host.BaseUrl, path));
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var parts in headers.Select(line => line.Split(": ", 2))) request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        return await _http.SendAsync(request);
    }

    public void Dispose() => _http.Dispose();
}
