namespace BigPanda.LocalHost.Simulator;

/// <summary>The response of a proxy in front of the API.</summary>
internal static class HtmlPage
{
    public static IResult Of(int status)
    {
        var words = $"{status} {Words(status)}";
        return Results.Text(
            $"<html>\r\n<head><title>{words}</title></head>\r\n<body>\r\n<center><h1>{words}</h1></center>\r\n"
                + "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
            "text/html", statusCode: status);
    }

    public static string Words(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Authorization Required",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Error",
    };
}
