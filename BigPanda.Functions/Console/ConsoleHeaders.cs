using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Console;

/// <summary>
/// The page runs its own scripts only, and no text becomes markup: with trusted types and no policy, a browser refuses every way from a
/// string to a script.
/// </summary>
internal static class ConsoleHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; "
        + "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private const string PermissionsPolicy =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        + "serial=(), usb=(), xr-spatial-tracking=()";

    /// <param name="isFingerprinted">The file's name changes with its content.</param>
    public static void Set(HttpResponse response, bool isFingerprinted)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Not no-referrer: the platform's sign-in refuses a POST without a Referer, and the page's address holds no secret.
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = isFingerprinted ? "public, max-age=31536000, immutable" : "no-cache";
    }
}
