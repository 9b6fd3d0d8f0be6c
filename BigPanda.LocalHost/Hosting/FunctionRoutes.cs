namespace BigPanda.LocalHost.Hosting;

internal static class FunctionRoutes
{
    public static void MapFunctions(
        this IEndpointRouteBuilder routes, IReadOnlyList<HttpFunction> functions, string prefix, FunctionKey key, ILogger logger)
    {
        foreach (var function in functions)
        {
            var endpoint = new HttpFunctionEndpoint(function, key, logger);
            var pattern = $"/{prefix.Trim('/')}/{function.Route.TrimStart('/')}";
            routes.MapMethods(pattern, function.Methods, endpoint.HandleAsync);
        }
    }

    public static void MapAdmin(this IEndpointRouteBuilder routes, FunctionKey key, Timers timers) =>
        routes.MapPost(AdminEndpoint.Route, new AdminEndpoint(key, timers).HandleAsync);

    public static void MapSignIn(this IEndpointRouteBuilder routes, SignInCodes codes, string functionKey) =>
        routes.MapPost(SignInEndpoint.Route, new SignInEndpoint(codes, functionKey).HandleAsync);
}
