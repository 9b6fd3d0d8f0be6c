using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace BigPanda.Functions.Console.Api;

/// <summary>
/// The check of every request to the console's API, before its body is read. The platform's header counts only while the platform says that
/// it authenticates and the deployment wants it.
/// </summary>
public sealed class ConsoleGate
{
    private readonly IOptions<ConsoleOptions> _options;
    private readonly bool _platformAuthenticates;

    internal ConsoleGate(IOptions<ConsoleOptions> options, bool platformAuthenticates) => (_options, _platformAuthenticates) = (options, platformAuthenticates);

    internal bool UsesEntra => _options.Value.UsesEntra;

    /// <returns>Who has signed in; or null and the refusal, a 401.</returns>
    internal (ConsoleUser? User, Problem Problem, string Detail) SignIn(HttpRequest request)
    {
        if (!UsesEntra) return (null, Problems.SignInOff, "This bridge does not use Entra ID. Sign in with a function key.");
        if (!_platformAuthenticates)
            return (null, Problems.SignInOff, "The platform's authentication is off, so its headers prove nothing. Turn it on: docs/deploy.md.");
        var header = request.Headers[ClientPrincipal.Header];
        if (StringValues.IsNullOrEmpty(header)) return (null, Problems.NotSignedIn, "No person has signed in. Sign in again.");
        var (user, error) = ClientPrincipal.Read(header, _options.Value.Tenant);
        return (user, Problems.SignInRefused, $"{error} Sign out, and sign in with an account that this bridge accepts.");
    }

    /// <param name="needed">By the operation; null when there is no such operation.</param>
    /// <returns>The refusal; null when the caller may. Then the request says who it is.</returns>
    internal IResult? Check(HttpRequest request, ConsoleRole? needed)
    {
        var (user, problem, detail) = SignIn(request);
        if (user is null) return problem.With(detail);
        if (PageRequest.FindError(request) is { } foreign) return Problems.ForeignRequest.With(foreign);
        if (needed is { } role && (user.Role is not { } has || has < role))
        {
            return Problems.RoleRequired.With(
                $"This needs the role {role}; {user.Person.Name} has {(user.Role is null ? "none" : $"the role {user.Role}")}. "
                + "An owner of the enterprise application in Entra ID assigns roles.",
                ("role", role.ToString()));
        }

        if (PageRequest.HasOtherBody(request)) return Problems.UnsupportedMediaType.With("Send the body as application/json.");
        user.Person.SetFor(request);
        return null;
    }
}
