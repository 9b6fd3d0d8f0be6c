using BigPanda.Functions.Console.Api;
using BigPanda.Functions.Http;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Console;

/// <summary>The one check in front of the console's API: what it needs, in which order, and that it reads no body.</summary>
public sealed class ConsoleGateTests
{
    private static readonly ConsoleOptions Entra = new() { SignIn = "entra", TenantId = Principals.Tenant.ToString() };

    [Theory]
    [InlineData("Reader", "GET", true)]
    [InlineData("Responder", "POST", true)]
    [InlineData("Admin", "DELETE", true)]
    [InlineData("Admin", "POST", true)]
    public void A_person_with_the_role_may(string role, string method, bool isAllowed)
    {
        var request = FromPage(method, Principals.Of(role));

        Assert.Equal(isAllowed, Gate().Check(request, Enum.Parse<ConsoleRole>(role)) is null);
        Assert.Equal("Ada", SignedInPerson.Of(request)?.Name);
    }

    [Theory]
    [InlineData("key", true)]
    [InlineData("entra", false)]
    [InlineData("key", false)]
    public void Unless_the_deployment_and_the_platform_both_say_so_the_header_counts_for_nothing(string mode, bool isPlatformOn)
    {
        var options = new ConsoleOptions { SignIn = mode, TenantId = Principals.Tenant.ToString() };
        var request = FromPage("GET", Principals.Of("Admin"));

        AssertRefused(new ConsoleGate(Options.Create(options), isPlatformOn).Check(request, ConsoleRole.Reader), 401, "sign-in-off");
        Assert.Null(SignedInPerson.Of(request));
    }

    [Fact]
    public void Without_a_sign_in_it_is_401_whatever_is_asked_for()
    {
        AssertRefused(Gate().Check(FromPage("GET", null), ConsoleRole.Reader), 401, "not-signed-in");
        AssertRefused(Gate().Check(FromPage("GET", null), null), 401, "not-signed-in");
    }

    [Theory]
    [InlineData("Reader", ConsoleRole.Responder)]
    [InlineData("Reader", ConsoleRole.Admin)]
    [InlineData("Responder", ConsoleRole.Admin)]
    [InlineData(null, ConsoleRole.Reader)]
    public void A_smaller_role_is_403_and_names_the_one_that_may(string? role, object needed)
    {
        var request = FromPage("POST", Principals.Of(role));

        var problem = AssertRefused(Gate().Check(request, (ConsoleRole)needed), 403, "role-required");

        Assert.Equal(needed.ToString(), problem.ProblemDetails.Extensions["role"]);
        Assert.Null(SignedInPerson.Of(request));
    }

    [Theory]
    [InlineData("GET", "X-Console: 1")]
    [InlineData("HEAD", "X-Console: 1")]
    [InlineData("GET", "X-Console: 1", "Sec-Fetch-Site: same-origin")]
    [InlineData("GET", "X-Console: 1", "Origin: https://bridge.example.com")]
    [InlineData("POST", "X-Console: 1", "Origin: https://bridge.example.com")]
    [InlineData("POST", "X-Console: 1", "Origin: https://BRIDGE.example.com:443")]
    [InlineData("POST", "X-Console: 1", "Sec-Fetch-Site: same-origin", "Origin: https://other.example.com")]
    [InlineData("DELETE", "X-Console: 1", "Sec-Fetch-Site: same-origin")]
    public void A_request_of_the_page_is_taken(string method, params string[] headers) =>
        Assert.Null(Gate().Check(Request(method, Principals.Of("Admin"), headers), ConsoleRole.Admin));

    [Theory]
    [InlineData("GET")]
    [InlineData("GET", "X-Console: 0")]
    [InlineData("GET", "X-Console: ")]
    [InlineData("GET", "X-Console: 1", "Sec-Fetch-Site: cross-site")]
    [InlineData("GET", "X-Console: 1", "Sec-Fetch-Site: same-site")]
    [InlineData("GET", "X-Console: 1", "Sec-Fetch-Site: none")]
    [InlineData("GET", "X-Console: 1", "Origin: null")]
    [InlineData("POST", "X-Console: 1")]
    [InlineData("PUT", "X-Console: 1")]
    [InlineData("PATCH", "X-Console: 1")]
    [InlineData("DELETE", "X-Console: 1")]
    [InlineData("POST", "Sec-Fetch-Site: same-origin", "Origin: https://bridge.example.com")]
    [InlineData("POST", "X-Console: 1", "Sec-Fetch-Site: cross-site", "Origin: https://bridge.example.com")]
    [InlineData("POST", "X-Console: 1", "Sec-Fetch-Site: SAME-ORIGIN")]
    [InlineData("POST", "X-Console: 1", "Origin: https://other.example.com")]
    [InlineData("POST", "X-Console: 1", "Origin: https://bridge.example.com.evil.example")]
    [InlineData("POST", "X-Console: 1", "Origin: https://evil.example?bridge.example.com")]
    [InlineData("POST", "X-Console: 1", "Origin: https://bridge.example.com:8443")]
    [InlineData("POST", "X-Console: 1", "Origin: null")]
    [InlineData("POST", "X-Console: 1", "Origin: ")]
    [InlineData("POST", "X-Console: 1", "Referer: https://bridge.example.com/api/console")]
    public void A_request_of_another_site_is_403(string method, params string[] headers) =>
        AssertRefused(Gate().Check(Request(method, Principals.Of("Admin"), headers), ConsoleRole.Reader), 403, "foreign-request");

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public void A_body_that_a_form_can_send_is_415(string? type)
    {
        var request = FromPage("POST", Principals.Of("Admin"));
        (request.ContentLength, request.ContentType) = (2, type);

        AssertRefused(Gate().Check(request, ConsoleRole.Admin), 415, "unsupported-media-type");
        Assert.Null(SignedInPerson.Of(request));
    }

    [Fact]
    public void A_body_in_chunks_is_a_body()
    {
        var request = FromPage("POST", Principals.Of("Admin"));
        request.Headers.TransferEncoding = "chunked";

        AssertRefused(Gate().Check(request, ConsoleRole.Admin), 415, "unsupported-media-type");
    }

    private static ConsoleGate Gate() => new(Options.Create(Entra), platformAuthenticates: true);

    private static HttpRequest FromPage(string method, string? principal) => Request(method, principal, "X-Console: 1", "Sec-Fetch-Site: same-origin");

    /// <summary>A body that cannot be read: any check that tried would throw.</summary>
    private static HttpRequest Request(string method, string? principal, params string[] headers)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host, request.Body) = (method, "https", new HostString("bridge.example.com"), new UnreadStream());
        if (principal is not null) request.Headers[ClientPrincipal.Header] = principal;
        foreach (var parts in headers.Select(line => line.Split(": ", 2))) request.Headers[parts[0]] = parts[1];
        return request;
    }

    private static ProblemHttpResult AssertRefused(IResult? result, int status, string code)
    {
        var problem = Assert.IsType<ProblemHttpResult>(result);
        Assert.Equal((status, code), (problem.StatusCode, problem.ProblemDetails.Extensions["code"]));
        return problem;
    }
}
