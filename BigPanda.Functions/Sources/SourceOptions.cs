using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

/// <summary>The alert source whose webhooks are accepted.</summary>
public sealed class SourceOptions
{
    public const string Section = "Source";

    /// <summary>The last part of the callback URL. Letters, digits, <c>-</c> and <c>_</c>.</summary>
    [Required(ErrorMessage = "The setting Source__Id is missing.")]
    [RegularExpression("^[A-Za-z0-9_-]{1,64}$", ErrorMessage = "The setting Source__Id must be 1 to 64 letters, digits, - or _.")]
    public string Id { get; set; } = "";

    /// <summary>SHA-256 of the bearer token, 64 hexadecimal digits. The token itself is stored nowhere.</summary>
    [Required(ErrorMessage = "The setting Source__TokenSha256 is missing.")]
    [RegularExpression("^[0-9A-Fa-f]{64}$", ErrorMessage = "The setting Source__TokenSha256 must be 64 hexadecimal digits.")]
    public string TokenSha256 { get; set; } = "";

    /// <summary>A second token's hash, accepted as well while tokens are exchanged. Default: none.</summary>
    [RegularExpression("^([0-9A-Fa-f]{64})?$", ErrorMessage = "The setting Source__SecondTokenSha256 must be 64 hexadecimal digits.")]
    public string? SecondTokenSha256 { get; set; }

    /// <summary>The header that carries the token. Default <c>Authorization</c>, where it follows the word Bearer; any other header holds the bare token.</summary>
    [Required(ErrorMessage = "The setting Source__HeaderName must be a header name.")]
    [RegularExpression("^[A-Za-z0-9-]{1,64}$", ErrorMessage = "The setting Source__HeaderName must be a header name.")]
    public string HeaderName { get; set; } = "Authorization";
}

[OptionsValidator]
internal sealed partial class SourceOptionsValidator : IValidateOptions<SourceOptions>;
