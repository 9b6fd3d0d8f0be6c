using System.Text;
using System.Text.RegularExpressions;
using BigPanda.Functions.Console;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Console;

/// <summary>The page as the app sends it: what the build embedded, how it is cached, and what its headers forbid.</summary>
public sealed partial class ConsoleFunctionTests
{
    private const int MostBytesOfFirstView = 60 * 1024;

    private static string Page => Encoding.UTF8.GetString((ConsoleFiles.Find(ConsoleFiles.Page, null)?.Bytes ?? default).Span);

    [Fact]
    public void Every_file_is_embedded_as_it_is_and_compressed()
    {
        Assert.Contains(ConsoleFiles.Page, ConsoleFiles.Names);
        Assert.All(ConsoleFiles.Names, name => Assert.All(
            (string?[])[null, ContentCoding.Brotli, ContentCoding.Gzip], coding => Assert.NotNull(ConsoleFiles.Find(name, coding))));
    }

    [Fact]
    public void The_first_view_takes_at_most_60_KB()
    {
        var bytes = ConsoleFiles.Names.Sum(name => ConsoleFiles.Find(name, ContentCoding.Brotli)?.Bytes.Length ?? 0);

        Assert.InRange(bytes, 1, MostBytesOfFirstView);
    }

    [Fact]
    public void The_page_loads_its_own_files_only_and_has_no_script_or_style_inside()
    {
        var files = Reference().Matches(Page).Select(match => match.Groups[1].Value).Where(address => address != "data:,").ToList();

        Assert.True(files.Count >= 2, Page);
        Assert.All(files, address => Assert.Contains(address.Replace("/api/console/", "", StringComparison.Ordinal), ConsoleFiles.Names));
        Assert.DoesNotMatch(@"<style|style=|\bon\w+=|<script(?![^>]*\bsrc=)", Page);
    }

    [Fact]
    public async Task The_page_is_asked_for_each_time_and_a_file_is_kept()
    {
        var (page, asset) = (await GetAsync("console"), await GetAsync($"console/{Asset()}"));

        Assert.Equal(("no-cache", 200), (page.Headers.CacheControl.ToString(), page.StatusCode));
        Assert.Equal(("public, max-age=31536000, immutable", 200), (asset.Headers.CacheControl.ToString(), asset.StatusCode));
        Assert.Equal("text/html; charset=utf-8", page.ContentType);
        Assert.Equal("text/javascript; charset=utf-8", asset.ContentType);
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0, GZIP;q=0.5", "gzip")]
    [InlineData("identity", "")]
    [InlineData(";;", "")]
    [InlineData("", "")]
    public async Task It_is_compressed_as_the_caller_accepts(string accepted, string coding)
    {
        var answer = await GetAsync("console", accepted);

        Assert.Equal((coding, "Accept-Encoding"), (answer.Headers.ContentEncoding.ToString(), answer.Headers.Vary.ToString()));
    }

    [Fact]
    public async Task A_caller_that_has_it_gets_304_and_one_that_has_another_coding_does_not()
    {
        var (plain, brotli) = ((await GetAsync("console")).Headers.ETag.ToString(), (await GetAsync("console", "br")).Headers.ETag.ToString());

        Assert.Equal(304, (await GetAsync("console", "br", brotli)).StatusCode);
        Assert.Equal(304, (await GetAsync("console", "br", $"\"other\", {brotli}")).StatusCode);
        Assert.Equal(200, (await GetAsync("console", "br", plain)).StatusCode);
    }

    [Fact]
    public async Task The_headers_allow_the_pages_own_scripts_and_nothing_else()
    {
        var headers = (await GetAsync("console")).Headers;

        Assert.Equal(
            [
                "base-uri 'none'", "connect-src 'self'", "default-src 'none'", "font-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
                "img-src 'self' data:", "require-trusted-types-for 'script'", "script-src 'self'", "style-src 'self'", "trusted-types 'none'",
            ],
            headers.ContentSecurityPolicy.ToString().Split("; ").Order(StringComparer.Ordinal));
        Assert.Equal(("same-origin", "same-origin"), (headers["Referrer-Policy"].ToString(), headers["Cross-Origin-Opener-Policy"].ToString()));
        Assert.Contains("camera=()", headers["Permissions-Policy"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("clipboard-write", headers["Permissions-Policy"].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("console/alerts", 200)]
    [InlineData("console/favicon.ico", 404)]
    [InlineData("console/assets/none.js", 404)]
    [InlineData("console/assets/index.html", 404)]
    [InlineData("console/assets/../index.html", 404)]
    public async Task An_address_below_it_is_the_page_or_a_file(string path, int status) => Assert.Equal(status, (await GetAsync(path)).StatusCode);

    private static string Asset() => ConsoleFiles.Names.First(name => name.EndsWith(".js", StringComparison.Ordinal));

    private static async Task<HttpResponse> GetAsync(string path, string accepted = "", string known = "")
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.Method = HttpMethods.Get;
        context.Request.Headers.AcceptEncoding = accepted;
        if (known.Length > 0) context.Request.Headers.IfNoneMatch = known;
        var result = path.Split('/', 3) switch
        {
            [_] => ConsoleFunction.Index(context.Request),
            [_, "assets", var file] => ConsoleFunction.Asset(context.Request, file),
            [_, var page] => ConsoleFunction.Page(context.Request, page),
            _ => throw new ArgumentException($"No route has the path {path}.", nameof(path)),
        };
        await result.ExecuteAsync(context);
        return context.Response;
    }

    [GeneratedRegex("""(?:src|href)="([^"]+)""")]
    private static partial Regex Reference();
}
